"""What the tests of patient billing stand on: a billing office, an account book, a mail partner, clients of the API."""
