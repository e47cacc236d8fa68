"""What a launch of each product is held to: one module each, named after the product's key, with ``problems`` in it.

A product's templates are checked before they are frozen; these ask AWS what stands in the end.
"""
