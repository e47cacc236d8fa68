"""What people look at: pictures, tables and pages made from the synthesised app."""
