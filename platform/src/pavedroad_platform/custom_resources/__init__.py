"""What CloudFormation has no type for, done by a function that it calls."""
