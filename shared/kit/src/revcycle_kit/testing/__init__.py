"""What tests of the kit and of the services stand on: real servers, fixtures, fakes for partners."""
