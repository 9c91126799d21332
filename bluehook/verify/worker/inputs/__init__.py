"""What goes in: slots with their trust, stand-ins that learn what the code reads, values made from types."""
