"""What the operator's commands share: how they are asked, and how they answer.

No command decides anything about orders or copies: each parses, calls a domain function and
reports.
"""
