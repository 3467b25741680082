from ordercopy.admin import comparison, copies, errors, factories, order_copies

__all__ = ["comparison", "copies", "errors", "factories", "order_copies"]
