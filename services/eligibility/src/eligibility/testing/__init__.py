"""The test language of eligibility; nothing but tests imports it."""
