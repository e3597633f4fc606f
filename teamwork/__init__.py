"""How a team works: drafts, undo, views, tasks, macros, rules, skills, quality."""
