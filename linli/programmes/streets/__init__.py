"""街面: patrols, frontage duty, lanes, sign-boards, contractors, officers in the neighbourhoods."""
