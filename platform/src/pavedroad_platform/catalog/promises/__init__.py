"""What more than one product promises: each function tells what is wrong with one thing, as sentences."""
