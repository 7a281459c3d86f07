"""May it count? Recognises a message by its root, validates it by its schema and says in plain words what is wrong."""

from keten_kpi.validate.judge import Validator, Verdict

__all__ = ["Validator", "Verdict"]
