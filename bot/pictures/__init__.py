"""Pictures of how the platforms show what is said, drawn from the very messages that they would get."""
