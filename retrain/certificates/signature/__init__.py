"""What documents are signed with, and how."""
