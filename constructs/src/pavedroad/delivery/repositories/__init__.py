"""Where images and packages are kept, and who may take and bring them."""
