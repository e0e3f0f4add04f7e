"""A demo site: a small clothing maker's Logix database, web services and server files."""
