/** Mantine themed by the tokens: one density, three kinds of button, no injected styles. */
import {
  ActionIcon,
  Button,
  Checkbox,
  createTheme,
  NativeSelect,
  PasswordInput,
  Radio,
  SegmentedControl,
  Textarea,
  TextInput,
  type VariantColorsResolver,
} from '@mantine/core';

const variantColorResolver: VariantColorsResolver = ({ variant }) => {
  if (variant === 'filled') {
    return {
      background: 'var(--accent)',
      hover: 'var(--accent-hover)',
      color: 'var(--on-accent)',
      border: '1px solid transparent',
    };
  }
  if (variant === 'subtle') {
    return {
      background: 'transparent',
      hover: 'var(--hover)',
      color: 'var(--ink-2)',
      border: '1px solid transparent',
    };
  }
  return {
    background: 'var(--raised)',
    hover: 'var(--hover)',
    color: 'var(--ink)',
    border: '1px solid var(--border-strong)',
  };
};

const dense = { size: 'xs' } as const;

export const theme = createTheme({
  variantColorResolver,
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { ...dense, variant: 'default' } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { size: 'sm', variant: 'subtle' } }),
    TextInput: TextInput.extend({ defaultProps: dense }),
    PasswordInput: PasswordInput.extend({ defaultProps: dense }),
    Textarea: Textarea.extend({ defaultProps: dense }),
    NativeSelect: NativeSelect.extend({ defaultProps: dense }),
    Checkbox: Checkbox.extend({ defaultProps: dense }),
    Radio: Radio.extend({ defaultProps: dense }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: dense }),
  },
});
