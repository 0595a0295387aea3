"""The register book, a national register and documents from before."""
