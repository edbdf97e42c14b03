"""What breaks first under load: many doors, many clients of one server, very many quips."""
