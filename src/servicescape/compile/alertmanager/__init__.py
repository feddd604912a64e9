"""Who is told of an alert, and which alerts keep quiet while another says why: an Alertmanager configuration."""
