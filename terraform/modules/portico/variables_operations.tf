# Who is notified of what.

variable "alert_channels" {
  description = "Notification channels that alerts go to. Empty: alerts are seen on the dashboard alone."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for channel in var.alert_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", channel))])
    error_message = "alert_channels must be whole names such as projects/vendor-marketplace/notificationChannels/1234567890."
  }
}

variable "erase_after_days" {
  description = "Days from the closing of an account until its personal data is erased. 0: as soon as it is closed. A mistake can be made good until then."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.erase_after_days >= 0 && floor(var.erase_after_days) == var.erase_after_days
    error_message = "erase_after_days must be a whole number of days, 0 or more."
  }
}

variable "log_budget_mib_per_day" {
  description = "Mebibytes of Cloud Run's logs a day beyond which an alert is raised. 512 a day are 15 GiB a month, within the free 50."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.log_budget_mib_per_day >= 1 && floor(var.log_budget_mib_per_day) == var.log_budget_mib_per_day
    error_message = "log_budget_mib_per_day must be a whole number of mebibytes above zero."
  }
}

variable "log_level" {
  description = "How much the functions log: error, warn, info or debug."
  type        = string
  default     = "info"
  nullable    = false

  validation {
    condition     = contains(["error", "warn", "info", "debug"], var.log_level)
    error_message = "log_level must be error, warn, info or debug."
  }
}

variable "reconcile_every_minutes" {
  description = "How often everything is compared with the Marketplace. A round has to be finished within an hour, and each round reads every customer: README.md, \"Sizes\"."
  type        = number
  default     = 15
  nullable    = false

  validation {
    condition     = contains([1, 2, 5, 10, 15, 30], var.reconcile_every_minutes)
    error_message = "reconcile_every_minutes must be 1, 2, 5, 10, 15 or 30."
  }
}

variable "tell_of_earlier_orders" {
  description = "Whether your application is told, as of new ones, of orders that were in force before the first deployment. They are found by the first reconciliation: set it before that. MOVING.md has more."
  type        = bool
  default     = false
  nullable    = false
}
