"""One module per group of commands; `wizard.cli` puts them together."""

from wizard import i18n

# Help is translated as the modules here are imported.
i18n.use()
