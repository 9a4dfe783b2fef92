"""What analytics does when something happens: one function per event, all of them folds over what is known."""
