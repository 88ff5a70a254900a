"""The menus that stand below a chat: LINE's rich menus, a picture for each role, and Telegram's commands."""
