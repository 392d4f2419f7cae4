"""Words out as residents read them: news, ways of working, requests to take something down."""
