"""AWS in the box: the embedded emulator and the run that deploys everything to it."""
