"""What a product team does with the catalogue: see it, launch from it, upgrade and end what it launched."""
