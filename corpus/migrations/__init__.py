"""The numbered steps that make the tables of `corpus.schema`; `corpus.store` runs them when it opens a database."""
