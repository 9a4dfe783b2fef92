"""The clinics' EHR: it registers, schedules and charges, and its front desk answers questions."""
