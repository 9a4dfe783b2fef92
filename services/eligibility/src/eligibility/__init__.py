"""Patient access: EHR intake, registration, coverage, authorization, estimates."""
