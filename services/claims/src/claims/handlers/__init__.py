"""
What claims does when something happens: one function per event, message, timer, reply or command.

`directory` who is who · `encounters` registration and coverage · `charges` charges, prices, coding · `claims` made,
checked, corrected, taken back · `submission` interchanges out · `interchanges` files in · `acknowledgments` answers on
the way · `remittances`, `set_aside`, `cash` a payer's money · `payments` decisions on an encounter · `denials` what was
decided about refusals. What an encounter's handlers share stands in `cases`: loaded once, decided, kept once.
"""
