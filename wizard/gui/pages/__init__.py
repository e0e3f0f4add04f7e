"""The pages of the wizard: one module each, named as its step, or `form_page` where a form and checks suffice."""
