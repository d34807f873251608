"""What PostgreSQL says to whoever asks for a shop's rows outside any scope, on a new connection and on a used one."""

NO_SCOPE = 'unrecognized configuration parameter "app.merchant_id"|invalid input syntax for type uuid: ""'
