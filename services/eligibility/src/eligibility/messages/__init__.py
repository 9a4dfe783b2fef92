"""What eligibility tells itself: commands, local messages, timers, and the questions that payers are asked."""
