"""What is asked: readings, commands, heat, controllers and resets, each looked at from all sides."""
