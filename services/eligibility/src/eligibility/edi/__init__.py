"""X12 of eligibility: questions and answers as bytes, and the values of the domain."""
