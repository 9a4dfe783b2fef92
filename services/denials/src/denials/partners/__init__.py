"""The partner of denials: who carries letters to payers."""
