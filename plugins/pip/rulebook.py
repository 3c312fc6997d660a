"""The dated rules: of PIP for schools, and of KIP Kuliah, which other regulations change at other times."""

from core.api import Rules

school_rules, college_rules = Rules.load_parts("plugins.pip", "school", "college")
school_now, college_now = school_rules.all[-1], college_rules.all[-1]
