/* Linked with the libraries of effc: what starting costs before a line of effc runs. */
int main(void)
{
	return 0;
}
