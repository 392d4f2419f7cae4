"""One question model: typed, conditional, validated on both sides, versioned."""
