"""What a product costs, as a hint: the fixed cost of a month from list prices, and what depends on usage."""
