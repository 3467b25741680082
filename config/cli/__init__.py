"""The form of an operator's command: how it is asked, how it answers, how it fails."""
