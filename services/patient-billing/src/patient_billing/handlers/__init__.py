"""What patient billing does when something happens: a module a noun, a function for each thing that can happen."""
