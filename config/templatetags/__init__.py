"""What the templates of the project itself use."""
