"""The web floor: assembly, layout's context, errors, headers, language, forms."""
