from ordercopy.admin import copies

__all__ = ["copies"]
