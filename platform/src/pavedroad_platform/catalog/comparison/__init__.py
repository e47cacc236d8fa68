"""What differs between two releases of a product, and what each difference means for the teams that launched it."""
