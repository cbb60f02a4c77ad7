# What stood at the root before there was modules/portico: a state of then keeps everything it has.

moved {
  from = google_artifact_registry_repository.main
  to   = module.portico.google_artifact_registry_repository.main
}

moved {
  from = google_cloud_scheduler_job.main
  to   = module.portico.google_cloud_scheduler_job.main
}

moved {
  from = google_compute_backend_service.main
  to   = module.portico.google_compute_backend_service.main
}

moved {
  from = google_compute_global_address.main
  to   = module.portico.google_compute_global_address.main
}

moved {
  from = google_compute_global_forwarding_rule.http
  to   = module.portico.google_compute_global_forwarding_rule.http
}

moved {
  from = google_compute_global_forwarding_rule.https
  to   = module.portico.google_compute_global_forwarding_rule.https
}

moved {
  from = google_compute_managed_ssl_certificate.main
  to   = module.portico.google_compute_managed_ssl_certificate.main
}

moved {
  from = google_compute_region_network_endpoint_group.main
  to   = module.portico.google_compute_region_network_endpoint_group.main
}

moved {
  from = google_compute_security_policy.main
  to   = module.portico.google_compute_security_policy.main
}

moved {
  from = google_compute_ssl_policy.main
  to   = module.portico.google_compute_ssl_policy.main
}

moved {
  from = google_compute_target_http_proxy.main
  to   = module.portico.google_compute_target_http_proxy.main
}

moved {
  from = google_compute_target_https_proxy.main
  to   = module.portico.google_compute_target_https_proxy.main
}

moved {
  from = google_compute_url_map.http
  to   = module.portico.google_compute_url_map.http
}

moved {
  from = google_compute_url_map.main
  to   = module.portico.google_compute_url_map.main
}

moved {
  from = google_endpoints_service_iam_member.usage
  to   = module.portico.google_endpoints_service_iam_member.usage
}

moved {
  from = google_endpoints_service_iam_member.usage_of_products
  to   = module.portico.google_endpoints_service_iam_member.usage_of_products
}

moved {
  from = google_firestore_database.main
  to   = module.portico.google_firestore_database.main
}

moved {
  from = google_firestore_field.expiry
  to   = module.portico.google_firestore_field.expiry
}

moved {
  from = google_firestore_field.unindexed
  to   = module.portico.google_firestore_field.unindexed
}

moved {
  from = google_logging_metric.counter
  to   = module.portico.google_logging_metric.counter
}

moved {
  from = google_logging_metric.latency
  to   = module.portico.google_logging_metric.latency
}

moved {
  from = google_logging_metric.reconciled
  to   = module.portico.google_logging_metric.reconciled
}

moved {
  from = google_logging_metric.waiting
  to   = module.portico.google_logging_metric.waiting
}

moved {
  from = google_logging_project_exclusion.requests
  to   = module.portico.google_logging_project_exclusion.requests
}

moved {
  from = google_monitoring_alert_policy.main
  to   = module.portico.google_monitoring_alert_policy.main
}

moved {
  from = google_monitoring_dashboard.main
  to   = module.portico.google_monitoring_dashboard.main
}

moved {
  from = google_monitoring_monitored_project.customers
  to   = module.portico.google_monitoring_monitored_project.customers
}

moved {
  from = google_monitoring_uptime_check_config.signup
  to   = module.portico.google_monitoring_uptime_check_config.signup
}

moved {
  from = google_project_iam_custom_role.service_accounts
  to   = module.portico.google_project_iam_custom_role.service_accounts
}

moved {
  from = google_project_iam_custom_role.sign_jwt
  to   = module.portico.google_project_iam_custom_role.sign_jwt
}

moved {
  from = google_project_iam_custom_role.subscribe
  to   = module.portico.google_project_iam_custom_role.subscribe
}

moved {
  from = google_project_iam_member.service_accounts
  to   = module.portico.google_project_iam_member.service_accounts
}

moved {
  from = google_project_iam_member.subscribe
  to   = module.portico.google_project_iam_member.subscribe
}

moved {
  from = google_project_service.main
  to   = module.portico.google_project_service.main
}

moved {
  from = google_project_service_identity.pubsub
  to   = module.portico.google_project_service_identity.pubsub
}

moved {
  from = google_pubsub_subscription.dead_letters
  to   = module.portico.google_pubsub_subscription.dead_letters
}

moved {
  from = google_pubsub_subscription_iam_member.marketplace
  to   = module.portico.google_pubsub_subscription_iam_member.marketplace
}

moved {
  from = google_pubsub_subscription_iam_member.replay
  to   = module.portico.google_pubsub_subscription_iam_member.replay
}

moved {
  from = google_pubsub_topic.changes
  to   = module.portico.google_pubsub_topic.changes
}

moved {
  from = google_pubsub_topic.dead_letters
  to   = module.portico.google_pubsub_topic.dead_letters
}

moved {
  from = google_pubsub_topic.replay
  to   = module.portico.google_pubsub_topic.replay
}

moved {
  from = google_pubsub_topic_iam_member.dead_letters
  to   = module.portico.google_pubsub_topic_iam_member.dead_letters
}

moved {
  from = google_secret_manager_secret.google_client
  to   = module.portico.google_secret_manager_secret.google_client
}

moved {
  from = google_service_account.hand_off
  to   = module.portico.google_service_account.hand_off
}

moved {
  from = google_service_account.push
  to   = module.portico.google_service_account.push
}

moved {
  from = google_service_account.scheduler
  to   = module.portico.google_service_account.scheduler
}

moved {
  from = google_service_account.subscriber
  to   = module.portico.google_service_account.subscriber
}

moved {
  from = google_service_account_iam_member.operators
  to   = module.portico.google_service_account_iam_member.operators
}

moved {
  from = google_service_account_iam_member.push_as
  to   = module.portico.google_service_account_iam_member.push_as
}

moved {
  from = google_service_account_iam_member.push_tokens
  to   = module.portico.google_service_account_iam_member.push_tokens
}

moved {
  from = google_service_account_iam_member.sign_hand_off
  to   = module.portico.google_service_account_iam_member.sign_hand_off
}

moved {
  from = module.function
  to   = module.portico.module.function
}

moved {
  from = module.marketplace
  to   = module.portico.module.marketplace
}

moved {
  from = module.replay
  to   = module.portico.module.replay
}
