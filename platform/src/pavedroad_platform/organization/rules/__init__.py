"""The rules that the files must keep together, one named function each."""

RULES = ()
