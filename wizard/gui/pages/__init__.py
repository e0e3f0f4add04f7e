"""The pages of the wizard: a module named as its step defines PAGE; `form_page` where form and checks suffice."""
