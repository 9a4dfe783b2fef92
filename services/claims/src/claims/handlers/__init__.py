"""
What claims does when something happens: one function per event, message, timer, reply or command.

`directory` who is who · `encounters` registration and coverage · `charging` charges, prices, coding · `billing` making
and releasing claims · `submission` interchanges out · `answers` acknowledgments and status · `remittances` cash and
files · `posting` decisions on an encounter · `denials` what was decided about refusals.
"""
