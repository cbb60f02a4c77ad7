# Which deployment a state is of. It is kept as it first was, so that a state never becomes another's by other values or by
# another state's place: everything would be destroyed and made again under other names.
resource "terraform_data" "deployment" {
  input = "${var.project}: ${local.name}"

  lifecycle {
    ignore_changes = [input]

    postcondition {
      condition     = self.input == "${var.project}: ${local.name}"
      error_message = "This state is of ${self.input}, and the values are those of ${var.project}: ${local.name}. Each environment has a state of its own: terraform init -reconfigure with its -backend-config. Nothing was changed."
    }
  }
}
