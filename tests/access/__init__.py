"""Who gets where: every route × role × scope, every act × role, and nothing personal in clear on disk."""
